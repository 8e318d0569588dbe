// <file-slot data-max="209715200"><div class="slot-drop"> … <input type="file" accept=".pdf,.jpg"> </div></file-slot>
//
// The native file input stays and is what gets submitted; this adds a drop target, says what was
// chosen, and catches a wrong type or size before minutes of upload are spent on it.

function size(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

/** Extensions only: what a phone reports as a media type differs between makers. */
function allowed(name: string, accept: string): boolean {
  const endings = accept.split(",").map((part) => part.trim().toLowerCase()).filter((part) => part.startsWith("."));
  return endings.length === 0 || endings.some((ending) => name.toLowerCase().endsWith(ending));
}

class FileSlot extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("change", this.#onChange);
    this.addEventListener("dragover", this.#onOver);
    this.addEventListener("dragleave", this.#onOut);
    this.addEventListener("drop", this.#onDrop);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.#onChange);
    this.removeEventListener("dragover", this.#onOver);
    this.removeEventListener("dragleave", this.#onOut);
    this.removeEventListener("drop", this.#onDrop);
  }

  get #input(): HTMLInputElement | null {
    return this.querySelector('input[type="file"]');
  }

  #highlight(on: boolean): void {
    this.querySelector(".slot-drop")?.toggleAttribute("data-over", on);
  }

  #onOver = (event: DragEvent): void => {
    event.preventDefault();
    this.#highlight(true);
  };

  #onOut = (): void => this.#highlight(false);

  #onDrop = (event: DragEvent): void => {
    event.preventDefault();
    this.#highlight(false);
    const input = this.#input;
    const files = event.dataTransfer?.files;
    if (!input || !files?.length) return;
    const taken = new DataTransfer();
    for (const file of input.multiple ? files : [files[0]!]) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  #onChange = (): void => {
    const input = this.#input;
    if (!input) return;
    const files = [...(input.files ?? [])];
    const fault = this.#fault(files, input.accept);
    // The browser's own validation then stops the form at this field.
    input.setCustomValidity(fault ?? "");
    const line = this.#line();
    line.toggleAttribute("data-bad", fault !== undefined);
    line.textContent = fault ?? files.map((file) => `已选择：${file.name}（${size(file.size)}）`).join("；");
    line.hidden = line.textContent === "";
  };

  #fault(files: File[], accept: string): string | undefined {
    const max = Number(this.dataset["max"] ?? 0);
    for (const file of files) {
      if (!allowed(file.name, accept)) return `「${file.name}」的格式不能上传，请选择 ${accept.replaceAll(",", "、")} 文件。`;
      if (file.size === 0) return `「${file.name}」是空文件，请重新选择。`;
      if (max > 0 && file.size > max) return `「${file.name}」为 ${size(file.size)}，超过 ${size(max)}，请压缩或拆分后再选。`;
    }
    return undefined;
  }

  #line(): HTMLElement {
    let line = this.querySelector<HTMLElement>(".slot-picked");
    if (!line) {
      line = document.createElement("p");
      line.className = "slot-picked";
      line.setAttribute("role", "status");
      (this.querySelector(".slot-drop") ?? this).append(line);
    }
    return line;
  }
}

customElements.define("file-slot", FileSlot);
