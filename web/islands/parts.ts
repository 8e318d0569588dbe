// Sends a large file in parts. A connection that breaks costs one part; a page that was left goes on where
// it stopped when the same file is chosen again.

const PART = 4 * 1024 * 1024;
/** Tries after which the person is asked to try again, about two minutes. */
const TRIES = 8;

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const key = (file: File): string => `parts:${file.name}:${file.size}:${file.lastModified}`;

class Refused extends Error {}

async function ask(path: string, method: string, body?: Blob): Promise<{ status: number; at?: number; id?: string }> {
  const answer = await fetch(path, { method, body: body ?? null, headers: body ? { "content-type": "application/octet-stream" } : {} });
  // Logged out, too fast, too many: nothing that another try would change at once.
  if (answer.redirected || [400, 401, 403, 413].includes(answer.status)) throw new Refused(String(answer.status));
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  return { status: answer.status, ...(answer.status === 404 ? {} : await answer.json()) };
}

async function begun(file: File): Promise<{ id: string; at: number }> {
  const known = localStorage.getItem(key(file));
  if (known) {
    const there = await ask(`/uploads/${known}`, "GET");
    if (there.at !== undefined) return { id: known, at: there.at };
  }
  const { id } = await ask(`/uploads?size=${file.size}`, "POST");
  if (!id) throw new Refused("not begun");
  localStorage.setItem(key(file), id);
  return { id, at: 0 };
}

/** The id under which all of the file is there; tells how far it has come. */
export async function sendInParts(file: File, tell: (sent: number, waits: boolean) => void): Promise<string> {
  for (let failed = 0; ; failed += 1) {
    try {
      let { id, at } = await begun(file);
      while (at < file.size) {
        tell(at, false);
        const sent = await ask(`/uploads/${id}?at=${at}`, "POST", file.slice(at, at + PART));
        if (sent.at === undefined) throw new Error("gone");
        // After an answer that was lost it is further than was thought.
        if (sent.at > at) failed = 0;
        at = sent.at;
      }
      localStorage.removeItem(key(file));
      tell(file.size, false);
      return id;
    } catch (error) {
      if (error instanceof Refused || failed >= TRIES) throw error;
      tell(-1, true);
      await wait(Math.min(30_000, 500 * 2 ** failed));
    }
  }
}
