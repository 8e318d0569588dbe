// <file-slot data-max="209715200"><div class="slot-drop"> … <input type="file" accept=".pdf,.jpg"> </div></file-slot>
//
// The native file input stays and is what gets submitted; this adds a drop target, says what was
// chosen, and catches a wrong type or size before minutes of upload are spent on it. What is large goes
// ahead of the form, in parts, and the form then names it.

/** Smaller files go with the form as they always did. */
const LARGE = 4 * 1024 * 1024;

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
    this.closest("form")?.addEventListener("submit", this.#onSubmit);
  }

  disconnectedCallback(): void {
    this.removeEventListener("change", this.#onChange);
    this.removeEventListener("dragover", this.#onOver);
    this.removeEventListener("dragleave", this.#onOut);
    this.removeEventListener("drop", this.#onDrop);
    this.closest("form")?.removeEventListener("submit", this.#onSubmit);
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

  #onSubmit = (event: SubmitEvent): void => {
    const input = this.#input;
    const form = this.closest("form");
    const file = input?.files?.[0];
    if (!input || !form || !file || file.size <= LARGE || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (button) button.disabled = true;
    const line = this.#line();
    line.hidden = false;
    line.removeAttribute("data-bad");
    const tell = (sent: number, waits: boolean): void => {
      const done = `${size(Math.max(sent, 0))} / ${size(file.size)}`;
      line.textContent = waits ? `「${file.name}」连接中断，正在重试，已传的部分不会丢失` : `正在上传「${file.name}」：${done}`;
    };
    void import("./parts")
      .then(({ sendInParts }) => sendInParts(file, tell))
      .then((id) => this.#name(form, input, file, id))
      .catch(() => {
        if (button) button.disabled = false;
        line.setAttribute("data-bad", "");
        line.textContent = `「${file.name}」没有传完，请检查网络后再点一次上传，会从中断的地方继续`;
      });
  };

  /** The form goes without the file, and says under what it came. */
  #name(form: HTMLFormElement, input: HTMLInputElement, file: File, id: string): void {
    for (const [name, value] of [[`parts:${input.name}`, id], [`name:${input.name}`, file.name]] as const) {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name, value });
      form.append(hidden);
    }
    input.value = "";
    // Other slots of the same form may have something to send first.
    form.requestSubmit();
  }

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
