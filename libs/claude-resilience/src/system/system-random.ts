import { randomBytes } from 'node:crypto';
import { Random } from '../core/random.port.js';
import { UuidSource } from './uuid-source.js';

export class SystemRandom extends Random {
  readonly #ids = new UuidSource();

  next(): number {
    return Math.random();
  }

  id(): string {
    return this.#ids.next();
  }

  secret(): string {
    return randomBytes(16).toString('base64url');
  }
}
