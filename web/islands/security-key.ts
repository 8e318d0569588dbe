// <security-key data-make='{…}'> or <security-key data-ask="/login/key"> around a form:
// asks the key of whoever sits there when [data-use] is pressed, and sends what it answers with the form.

type Parsing = typeof PublicKeyCredential & {
  parseCreationOptionsFromJSON?(options: unknown): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?(options: unknown): PublicKeyCredentialRequestOptions;
};

class SecurityKey extends HTMLElement {
  connectedCallback(): void {
    const known = (window as { PublicKeyCredential?: Parsing }).PublicKeyCredential;
    const form = this.querySelector("form");
    const use = this.querySelector<HTMLButtonElement>("[data-use]");
    if (!known?.parseRequestOptionsFromJSON || !form || !use) return;
    this.querySelector("[data-without]")?.remove();
    use.hidden = false;
    use.addEventListener("click", (event) => {
      event.preventDefault();
      // A key that was made for a form that is not sent would be of no use.
      if (this.dataset.make !== undefined && !form.reportValidity()) return;
      use.disabled = true;
      void this.#answer(known)
        .then((answer) => this.#send(form, answer))
        .catch(() => this.#failed(use));
    });
  }

  async #answer(known: Parsing): Promise<Credential | null> {
    const { make, ask } = this.dataset;
    if (make) return navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON!(JSON.parse(make).publicKey ?? JSON.parse(make)) });
    const answer = await fetch(ask ?? "", { method: "POST" });
    if (!answer.ok) throw new Error(String(answer.status));
    const asked = await answer.json();
    return navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON!(asked.publicKey ?? asked) });
  }

  #send(form: HTMLFormElement, answer: Credential | null): void {
    const into = form.elements.namedItem(this.dataset.make === undefined ? "security-key" : "key");
    if (!answer || !(into instanceof HTMLInputElement)) throw new Error("no answer");
    into.value = JSON.stringify(answer);
    form.noValidate = this.dataset.make === undefined;
    form.requestSubmit();
  }

  #failed(use: HTMLButtonElement): void {
    use.disabled = false;
    const told = this.querySelector("[data-told]") ?? document.createElement("p");
    told.setAttribute("data-told", "");
    told.setAttribute("role", "alert");
    told.className = "field-error";
    told.textContent = "没有读到安全密钥，请再试一次";
    use.before(told);
  }
}

customElements.define("security-key", SecurityKey);
export {};
