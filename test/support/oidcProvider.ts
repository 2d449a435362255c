/**
 * An OpenID Connect provider on 127.0.0.1 that lets everybody in without asking: discovery, keys, codes that work once,
 * for the client's secret and the PKCE verifier only.
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export const CLIENT = { id: "rollcall", secret: "imitation-secret" };

export interface OidcProvider {
  issuer: string;
  /** Of each person who was sent here, in order. */
  asked: URLSearchParams[];
  /** How the codes that came back were taken. */
  answered: number[];
  close(): void;
}

/** `claims` are what it says of whoever comes. */
export async function startOidcProvider(claims: Record<string, unknown>): Promise<OidcProvider> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "imitation", alg: "RS256", use: "sig" };
  const askedByCode = new Map<string, URLSearchParams>();
  const asked: URLSearchParams[] = [];
  const answered: number[] = [];

  const takeCode = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const form = new URLSearchParams(await textOf(request));
    const wanted = askedByCode.get(form.get("code") ?? "");
    askedByCode.delete(form.get("code") ?? "");
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "");
    const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
    const isRight =
      request.headers.authorization === `Basic ${basic}` &&
      form.get("redirect_uri") === wanted?.get("redirect_uri") &&
      challenge.digest("base64url") === wanted?.get("code_challenge");
    if (!isRight) return [400, { error: "invalid_grant" }];
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", kid: "imitation" })
      .setIssuer(issuer)
      .setAudience(CLIENT.id)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
    return [200, { access_token: "unused", token_type: "Bearer", id_token: idToken }];
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return send(200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          code_challenge_methods_supported: ["S256"],
        });
      case "/jwks":
        return send(200, { keys: [key] });
      case "/authorize": {
        const code = randomUUID();
        asked.push(url.searchParams);
        askedByCode.set(code, url.searchParams);
        const back = new URL(url.searchParams.get("redirect_uri") ?? issuer);
        back.searchParams.set("code", code);
        back.searchParams.set("state", url.searchParams.get("state") ?? "");
        return response.writeHead(302, { location: back.toString() }).end();
      }
      case "/token":
        return void takeCode(request).then(([status, body]) => {
          answered.push(status);
          send(status, body);
        });
      default:
        return send(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    asked,
    answered,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
