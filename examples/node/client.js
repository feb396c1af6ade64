// A client that opens packets, grabs shares, and waits for the answers.

import {randomUUID} from "node:crypto";
import kafkajs from "kafkajs";
import lz4 from "lz4js";
import {readAward, readPacketEvent, writeGrab, writeOpen} from "./events.js";

// kafkajs has only gzip built in. The pipeline writes its results with LZ4. Register the codec once in a process.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
  compress: async ({buffer}) => Buffer.from(lz4.compress(buffer)),
  decompress: async (compressed) => Buffer.from(lz4.decompress(compressed)),
});

/** The answer did not come in time. The command may have been carried out: ask again with the same ids. */
export class Unanswered extends Error {}

export class RedPackets {
  #producer;
  #consumer;
  #timeoutMillis;
  // By the ids of the command: what was asked and is not answered yet.
  #questions = new Map();
  // By packet id: the function that takes the closing event.
  #closings = new Map();

  /** Reads the answers to everything that is asked after the promise has resolved. */
  static async connect({brokers, timeoutMillis = 30_000}) {
    const client = new RedPackets();
    await client.#start(new kafkajs.Kafka({brokers, logLevel: kafkajs.logLevel.WARN}), timeoutMillis);
    return client;
  }

  async #start(kafka, timeoutMillis) {
    this.#timeoutMillis = timeoutMillis;
    // With kafkajs 1 use Partitioners.JavaCompatiblePartitioner: its default puts packets into wrong partitions.
    this.#producer = kafka.producer({createPartitioner: kafkajs.Partitioners.DefaultPartitioner});
    // A group of its own, because each process needs the answers from all partitions.
    this.#consumer = kafka.consumer({groupId: `answers-${randomUUID()}`, maxWaitTimeInMs: 100});
    const admin = kafka.admin();
    await Promise.all([this.#producer.connect(), this.#consumer.connect(), admin.connect()]);
    const topics = ["redpacket.packets", "redpacket.awards"];
    const ends = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    await admin.disconnect();
    await this.#consumer.subscribe({topics});
    const joined = new Promise((resolve) => this.#consumer.on(this.#consumer.events.GROUP_JOIN, resolve));
    await this.#consumer.run({
      // Otherwise each answer costs a request that commits its offset. The process starts at the end anyway.
      autoCommit: false,
      eachMessage: async ({topic, partition, message}) => this.#take(topic, partition, message),
    });
    await joined;
    topics.forEach((topic, i) =>
      ends[i].forEach(({partition, high}) => this.#consumer.seek({topic, partition, offset: high})),
    );
  }

  /** Opens a packet. Resolves to its `opened` or `rejected` event. */
  open(command) {
    return this.#ask(nameOfOpen(command), "redpacket.opens", command.packetId, writeOpen(command));
  }

  /** Grabs a share. Resolves to the award result, whatever its outcome. */
  grab(grab) {
    return this.#ask(nameOfGrab(grab), "redpacket.grabs", grab.packetId, writeGrab(grab));
  }

  /** Resolves to the closing event of a packet that is open, or is opened later. */
  closingOf(packetId) {
    return new Promise((resolve) => this.#closings.set(packetId, resolve));
  }

  async close() {
    await Promise.all([this.#producer.disconnect(), this.#consumer.disconnect()]);
  }

  async #ask(name, topic, key, value) {
    const question = new Question();
    const questions = this.#questions.get(name) ?? new Set();
    this.#questions.set(name, questions.add(question));
    try {
      const [{partition, baseOffset}] = await this.#producer.send({topic, messages: [{key, value}]});
      return await question.answerTo(`${partition}/${baseOffset}`, this.#timeoutMillis);
    } finally {
      questions.delete(question);
      if (questions.size === 0) this.#questions.delete(name);
    }
  }

  #take(topic, partition, {value}) {
    if (topic === "redpacket.awards") {
      const award = readAward(value);
      this.#answer(nameOfGrab(award), `${partition}/${award.grabOffset}`, award);
      return;
    }
    const event = readPacketEvent(value);
    if ("openOffset" in event) {
      this.#answer(nameOfOpen(event), `${partition}/${event.openOffset}`, event);
    } else {
      this.#closings.get(event.packetId)?.(event);
      this.#closings.delete(event.packetId);
    }
  }

  #answer(name, place, answer) {
    this.#questions.get(name)?.forEach((question) => question.take(place, answer));
  }
}

const nameOfOpen = ({packetId}) => packetId;
// Ids have no blanks.
const nameOfGrab = ({packetId, grabId, userId}) => `${packetId} ${grabId} ${userId}`;

/** Waits for the answer to a command. Answers to other commands with the same ids have another place. */
class Question {
  #answers = new Map();
  #place;
  #resolve;

  /** May come before the place of the command is known. */
  take(place, answer) {
    this.#answers.set(place, answer);
    if (place === this.#place) this.#resolve(answer);
  }

  answerTo(place, timeoutMillis) {
    if (this.#answers.has(place)) return this.#answers.get(place);
    this.#place = place;
    return new Promise((resolve, reject) => {
      const complaint = `no answer to the command at ${place} within ${timeoutMillis} ms`;
      const timer = setTimeout(() => reject(new Unanswered(complaint)), timeoutMillis);
      this.#resolve = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
    });
  }
}
