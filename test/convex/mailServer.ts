/** A mail server on 127.0.0.1 that speaks as much SMTP as a client needs, remembers what it got and fails as told. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";

export interface MailServer {
  url: string;
  received: { from: string; to: string[]; data: string }[];
  /** Answers to give instead of the usual ones, by the first word of the command; "silence" is none at all. */
  answers: Record<string, string>;
  close: () => void;
}

export async function startMailServer(): Promise<MailServer> {
  const received: MailServer["received"] = [];
  const answers: MailServer["answers"] = {};
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket, { received, answers });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answers,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serve(socket: Socket, { received, answers }: Pick<MailServer, "received" | "answers">) {
  let mail = { from: "", to: [] as string[], data: "" };
  let buffered = "";
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const answer = (verb: string, usual: string) => {
    const line = answers[verb] ?? usual;
    if (line !== "silence") say(line);
  };
  const command = (line: string) => {
    const verb = line.split(/[\s:]/)[0]?.toUpperCase() ?? "";
    if (verb === "MAIL") mail = { ...mail, from: line };
    if (verb === "RCPT") mail.to.push(line);
    if (verb === "DATA") isData = (answers["DATA"] ?? "354") === "354";
    answer(verb, verb === "DATA" ? "354 go on" : "250 ok");
    if (verb === "QUIT") socket.end();
  };
  say("220 test");
  socket.on("data", (chunk: Uint8Array) => {
    buffered += new TextDecoder().decode(chunk);
    for (;;) {
      const end = buffered.indexOf(isData ? "\r\n.\r\n" : "\r\n");
      if (end < 0) return;
      const text = buffered.slice(0, end);
      buffered = buffered.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        received.push({ ...mail, data: text });
        answer("end", "250 taken");
      } else command(text);
    }
  });
}
