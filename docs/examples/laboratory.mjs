// A laboratory with nothing but a NATS client: report one result, hear what the exchange makes of it.
//
//   npm ci
//   SHIAN_NATS_URL=nats://127.0.0.1:4222 SHIAN_KEYS_FOLDER=var/keys node laboratory.mjs L0142 report.json
//
// What is said is kept in sent/ before it leaves, what is heard in heard/ before it is acknowledged. To send again what
// may not have arrived, give its id: node laboratory.mjs L0142 report.json ID.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, createInbox, headers, nkeyAuthenticator } from "nats";

const [laboratory, report, id = randomUUID()] = process.argv.slice(2); // nobody can guess the id
const region = process.env.SHIAN_REGION ?? "21.02.83"; // the county where the sample was taken
const seconds = Number(process.env.SHIAN_WAIT ?? "10"); // how long an answer is waited for
const user = `lab-${laboratory}`;
const source = `urn:shian:lab:${laboratory}`;
const inboxPrefix = `_INBOX_${user}`; // the server lets no answer through under another

function end(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (!report) end("usage: node laboratory.mjs LABORATORY REPORT.json [ID]");

// The same id never says something else: what was written under it before is read again.
async function written() {
  const kept = join("sent", `${id}.json`);
  if (!existsSync(kept)) {
    const advice = "give the path of your report";
    const text = await readFile(report, "utf8").catch(() => end(`There is no file ${report}: ${advice}.`));
    let data;
    try {
      data = JSON.parse(text);
    } catch (error) {
      end(`${report} is no report: ${error.message}.`);
    }
    const type = "lab.result.reported.v1";
    const time = new Date().toISOString();
    await mkdir("sent", { recursive: true });
    const event = { specversion: "1.0", id, source, type, subject: data.sample_no, time, region, data };
    await writeFile(kept, JSON.stringify(event));
  }
  return readFile(kept);
}

async function connected() {
  const path = join(process.env.SHIAN_KEYS_FOLDER ?? "var/keys", `${user}.nk`);
  const advice = "make a key with keygen.mjs, or set SHIAN_KEYS_FOLDER to its folder";
  const seed = await readFile(path, "utf8").catch(() => end(`There is no file ${path}: ${advice}.`));
  return connect({
    servers: process.env.SHIAN_NATS_URL ?? "nats://127.0.0.1:4222",
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed.trim())),
    inboxPrefix,
    maxReconnectAttempts: -1, // it connects again by itself, for as long as it takes
  });
}

// `jetstream().consumers.get()` asks the server about the durable first, which a partner may not: it is given its durable
// to use, not to look up. A plain request for the next message is all that is needed.
async function next(exchange, stream) {
  const inbox = createInbox(inboxPrefix);
  const answers = exchange.subscribe(inbox, { max: 1, timeout: seconds * 1000 + 5000 });
  const wanted = { batch: 1, expires: seconds * 1e9 }; // in nanoseconds
  exchange.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${user}`, JSON.stringify(wanted), { reply: inbox });
  for await (const message of answers) {
    if (message.headers?.code) throw new Error(`nothing on ${stream} in time (${message.headers.code})`);
    return message;
  }
}

async function main() {
  const document = await written();
  const exchange = await connected();
  const about = headers();
  about.set("Nats-Msg-Id", `${source} ${id}`);
  const subject = `lab.${laboratory}.result.reported.v1.${region}`;
  const stored = await exchange.jetstream().publish(subject, document, { headers: about });
  console.log(`${stored.duplicate ? "stored before, and not again" : "stored"}: ${id}`);

  for (let isAnswered = false; !isAnswered; ) {
    const message = await next(exchange, "RECEIPTS");
    const event = message.json();
    await mkdir("heard", { recursive: true });
    await writeFile(join("heard", `${event.id}.json`), message.data);
    await exchange.request(message.reply, "+ACK"); // only now: what is not acknowledged comes again
    for (const answer of event.data.receipts ?? [event.data]) {
      console.log(`${event.type} ${answer.verdict ?? `${answer.reason}: ${answer.explanation}`}`);
      isAnswered ||= answer.event_id === id;
    }
  }
  await exchange.close();
}

main().catch((error) => {
  const again = `node laboratory.mjs ${laboratory} ${report} ${id}`;
  end(`No answer: ${error}. To send the same again: ${again}`);
});
