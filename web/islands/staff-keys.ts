// <staff-keys data-queue="/s/queue"><dialog class="dialog"> … <input type="checkbox" data-keys-on> </dialog></staff-keys>
//
// Single-letter keys for people who clear fifty cases a day. They can be switched off and stay off
// (WCAG 2.1.4), and never fire while somebody types.

const STORE = "tongban:keys";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox],[type=radio]), select, textarea"));
}

class StaffKeys extends HTMLElement {
  #afterG = 0;

  connectedCallback(): void {
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("click", this.#onClick);
    const toggle = this.#toggle;
    if (!toggle) return;
    toggle.checked = this.#on;
    toggle.addEventListener("change", () => {
      try {
        localStorage.setItem(STORE, toggle.checked ? "on" : "off");
      } catch {
        // lasts for this page only
      }
    });
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("click", this.#onClick);
  }

  get #dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  get #toggle(): HTMLInputElement | null {
    return this.querySelector("[data-keys-on]");
  }

  get #on(): boolean {
    try {
      return localStorage.getItem(STORE) !== "off";
    } catch {
      return true;
    }
  }

  // The list of keys must stay reachable by mouse and after the keys are switched off.
  #onClick = (event: MouseEvent): void => {
    const opener = event.target instanceof Element && event.target.closest("[data-keys-open]");
    if (!opener || !this.#dialog) return;
    event.preventDefault();
    this.#dialog.showModal();
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || this.#dialog?.open || this.#toggle?.checked === false) return;
    if (this.#act(event.key)) event.preventDefault();
  };

  #act(key: string): boolean {
    const afterG = Date.now() - this.#afterG < 1_500;
    this.#afterG = key === "g" ? Date.now() : 0;
    if (afterG && key === "q") {
      location.assign(this.dataset["queue"] ?? "/s/queue");
      return true;
    }
    switch (key) {
      case "/":
        return this.#focus(document.querySelector<HTMLElement>("[data-keys-search]"));
      case "j":
        return this.#step(1);
      case "k":
        return this.#step(-1);
      case "?":
        this.#dialog?.showModal();
        return true;
      default:
        return false;
    }
  }

  #focus(element: HTMLElement | null | undefined): boolean {
    element?.focus();
    return Boolean(element);
  }

  /** Moves along the rows' main links, so Enter opens the row without any help from here. */
  #step(by: 1 | -1): boolean {
    const links = [...document.querySelectorAll<HTMLElement>("[data-keys-row] a[data-keys-open-row], a[data-keys-row]")];
    const row = document.activeElement?.closest("[data-keys-row]");
    const at = links.findIndex((link) => link === document.activeElement || (row !== null && row?.contains(link)));
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    return this.#focus(links[next]);
  }
}

customElements.define("staff-keys", StaffKeys);
