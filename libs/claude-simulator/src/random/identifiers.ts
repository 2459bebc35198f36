import { type Random, seededRandom } from './seeded-random.js';

/** The characters of Anthropic's identifiers: base 58, without the look-alikes 0, O, I and l. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RANDOM_CHARACTERS = 22;

/** Makes identifiers such as `req_01...` and `msg_01...`; one seed always gives the same ones in the same order. */
export class Identifiers {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed, 'identifiers');
  }

  next(prefix: 'req' | 'msg' | 'msgbatch' | 'workerreq'): string {
    let id = `${prefix}_01`;
    for (let i = 0; i < RANDOM_CHARACTERS; i += 1) id += ALPHABET.charAt(Math.floor(this.random() * ALPHABET.length));
    return id;
  }
}
