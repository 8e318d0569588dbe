// <autosave-form><form data-autosave="/a/d/…/…"> … <p class="save-state" data-save-state></p></form></autosave-form>
//
// Saves what changed when a field is left, or five seconds after the last stroke. Users do not press
// "save"; they only need to be told, in words, where their work is.

import { dropDraft, keepDraft, readDraft, type Fields } from "./local-draft";

const DEBOUNCE_MS = 5_000;

type Saved = "saved" | "saving" | "local" | "lost" | "conflict" | "signed-out" | "refused";

const words: Record<Saved, (time: string) => string> = {
  saving: () => "正在保存……",
  saved: (time) => `已保存 ${time}`,
  local: () => "未连接，内容保存在本机",
  lost: () => "未连接，内容尚未保存，请勿关闭本页",
  conflict: () => "同事已修改本页，您的内容保存在本机，请刷新后核对",
  "signed-out": () => "登录已过期，内容保存在本机，重新登录后可恢复",
  refused: () => "服务器暂时不能保存，内容保存在本机",
};

function clock(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

class AutosaveForm extends HTMLElement {
  #form: HTMLFormElement | null = null;
  #changed = new Set<string>();
  #timer = 0;
  #busy = false;
  #leaving = false;

  connectedCallback(): void {
    this.#form = this.querySelector<HTMLFormElement>("form[data-autosave]");
    const form = this.#form;
    if (!form) return;
    form.addEventListener("input", this.#onInput);
    form.addEventListener("change", this.#onChange);
    form.addEventListener("submit", this.#onSubmit);
    window.addEventListener("online", this.#onOnline);
    window.addEventListener("pagehide", this.#onLeave);
    this.#offerRestore();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
    this.#form?.removeEventListener("input", this.#onInput);
    this.#form?.removeEventListener("change", this.#onChange);
    this.#form?.removeEventListener("submit", this.#onSubmit);
    window.removeEventListener("online", this.#onOnline);
    window.removeEventListener("pagehide", this.#onLeave);
  }

  get #url(): string {
    return this.#form?.dataset["autosave"] ?? "";
  }

  #onInput = (event: Event): void => {
    if (!this.#note(event.target)) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#save(), DEBOUNCE_MS);
  };

  // "change" fires when a text field is left and at once for choices: both are moments to save.
  #onChange = (event: Event): void => {
    if (this.#note(event.target)) void this.#save();
  };

  #onSubmit = (): void => {
    clearTimeout(this.#timer);
    this.#leaving = true; // the submission itself carries everything
  };

  #onOnline = (): void => {
    if (this.#changed.size > 0) void this.#save();
  };

  #onLeave = (): void => {
    if (!this.#leaving && this.#changed.size > 0) this.#keep();
  };

  /** Remembers a field worth saving; files and secrets never travel this way. */
  #note(target: EventTarget | null): boolean {
    const field = target as (Partial<HTMLInputElement> & EventTarget) | null;
    if (!field?.name || field.type === "file" || field.type === "password") return false;
    this.#changed.add(field.name);
    return true;
  }

  #values(names: Iterable<string>): Fields {
    const data = new FormData(this.#form ?? undefined);
    const fields: Fields = {};
    for (const name of names) fields[name] = data.getAll(name).filter((value) => typeof value === "string");
    return fields;
  }

  #body(fields: Fields): URLSearchParams {
    const body = new URLSearchParams();
    // The version and the CSRF token live in hidden fields.
    for (const hidden of this.#form?.querySelectorAll<HTMLInputElement>('input[type="hidden"][name]') ?? []) {
      body.append(hidden.name, hidden.value);
    }
    for (const [name, values] of Object.entries(fields)) {
      body.delete(name);
      if (values.length === 0) body.append(name, ""); // an unticked box must be told, not omitted
      for (const value of values) body.append(name, value);
    }
    return body;
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#changed.size === 0 || !this.#url || this.#leaving) return;
    if (this.#busy) {
      this.#timer = window.setTimeout(() => void this.#save(), 500);
      return;
    }
    this.#busy = true;
    const names = [...this.#changed];
    this.#changed.clear();
    this.#say("saving");
    const outcome = await this.#post(this.#values(names));
    this.#busy = false;
    if (outcome === "saved") {
      if (this.#changed.size === 0) dropDraft(this.#url);
      this.#say("saved");
      return;
    }
    for (const name of names) this.#changed.add(name);
    this.#say(this.#keep() ? outcome : "lost");
  }

  async #post(fields: Fields): Promise<Saved> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "X-Autosave": "1" },
        body: this.#body(fields),
        credentials: "same-origin",
        redirect: "manual", // a redirect here only ever means the login page
      });
      if (response.ok) return "saved";
      if (response.type === "opaqueredirect" || response.status === 401) return "signed-out";
      return response.status === 409 ? "conflict" : "refused";
    } catch {
      return "local";
    }
  }

  #keep(): boolean {
    if (this.#form?.dataset["autosaveLocal"] === "off") return false;
    const earlier = readDraft(this.#url)?.fields ?? {};
    return keepDraft(this.#url, { ...earlier, ...this.#values(this.#changed) });
  }

  #state(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[data-save-state]");
  }

  #say(saved: Saved): void {
    const state = this.#state();
    if (!state) return;
    state.dataset["save"] = saved === "saved" || saved === "saving" ? saved : "local";
    state.textContent = words[saved](clock(Date.now()));
  }

  /** Work kept here that the server does not have: ask, never overwrite in silence. */
  #offerRestore(): void {
    const kept = readDraft(this.#url);
    const state = this.#state();
    if (!kept || !state) return;
    const current = this.#values(Object.keys(kept.fields));
    if (JSON.stringify(current) === JSON.stringify(kept.fields)) {
      dropDraft(this.#url);
      return;
    }
    state.dataset["save"] = "local";
    state.textContent = `本机有 ${clock(kept.at)} 填写、尚未上传的内容。`;
    state.append(
      this.#button("恢复这些内容", () => {
        this.#fill(kept.fields);
        for (const name of Object.keys(kept.fields)) this.#changed.add(name);
        void this.#save();
      }),
      this.#button("不要了", () => {
        dropDraft(this.#url);
        state.textContent = "";
      }),
    );
  }

  #button(label: string, act: () => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  #fill(fields: Fields): void {
    for (const [name, values] of Object.entries(fields)) {
      const found = [...(this.#form?.elements ?? [])].filter(
        (el): el is HTMLInputElement => (el as HTMLInputElement).name === name,
      );
      found.forEach((field, index) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else field.value = values[index] ?? "";
      });
    }
  }
}

customElements.define("autosave-form", AutosaveForm);
