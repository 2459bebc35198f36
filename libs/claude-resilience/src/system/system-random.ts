import { randomBytes, randomUUID } from 'node:crypto';
import { Random } from '../core/random.port.js';

export class SystemRandom extends Random {
  next(): number {
    return Math.random();
  }

  id(): string {
    return randomUUID();
  }

  secret(): string {
    return randomBytes(16).toString('base64url');
  }
}
