// The certified OpenID Connect provider for Node, with made-up people; everything lies in memory.
// node provider.mjs PORT REDIRECT_URI

import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const people = JSON.parse(process.env.PEOPLE);

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "fovea",
      client_secret: process.env.SECRET,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [redirectUri],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], roles: ["roles"] },
  conformIdTokenClaims: false, // claims come in the ID token, where Streamlit looks for them
  cookies: { keys: ["a key of the tests"] },
  findAccount: (_context, sub) =>
    people[sub] && { accountId: sub, claims: async () => ({ sub, ...people[sub] }) },
});

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
