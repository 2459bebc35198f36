import { expect, it } from '@jest/globals';
import * as simulator from 'claude-api-simulator';
import * as library from 'nestjs-claude-resilience';
import * as client from 'nestjs-claude-resilience/client';
import * as testing from 'nestjs-claude-resilience/testing';

/** A change here is a change of the contract: it belongs into the CHANGELOG. Types are held by the packed checks. */
it.each([
  ['nestjs-claude-resilience', library],
  ['nestjs-claude-resilience/client', client],
  ['nestjs-claude-resilience/testing', testing],
  ['claude-api-simulator', simulator],
])('%s exports what it promises', (_name, entry) => {
  expect(Object.keys(entry).sort()).toMatchSnapshot();
});
