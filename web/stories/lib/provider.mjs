// A real provider of OpenID Connect on a free port, from a package: whoever logs in there is whom it says.
import { createServer } from "node:http";

/** `people`: claims by login name. */
export async function provider({ client, secret, back, people }) {
  const { Provider } = await import("oidc-provider");
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const oidc = new Provider(issuer, {
    clients: [{ client_id: client, client_secret: secret, redirect_uris: [back] }],
    claims: {
      openid: ["sub"],
      profile: ["name", "id_number", "uscc", "organisation_name"],
      phone: ["phone_number"],
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_, login) => people[login] && { accountId: login, claims: () => ({ sub: login, ...people[login] }) },
  });
  const faults = [];
  oidc.on("server_error", (_, error) => faults.push(error.message));
  oidc.on("grant.error", (_, error) => faults.push(`${error.message}: ${error.error_description}`));
  server.on("request", oidc.callback());
  return { issuer, faults, stop: () => new Promise((done) => (server.close(done), server.closeAllConnections())) };
}

/** Logs in at the provider, and lets it tell the node. */
export async function logInThere(page, login) {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  const consent = page.getByRole("button", { name: "Continue" });
  await consent.or(page.locator("#main")).first().waitFor();
  if (await consent.count()) await consent.click();
  await page.locator("#main").waitFor();
}
