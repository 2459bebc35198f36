import 'reflect-metadata';
import { Controller, Get, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { ClaudeResilienceModule, ClaudeResilienceService } from 'nestjs-claude-resilience';
import { PARAMS } from '../subjects/answer.js';
import { FEATURES, STUB_CLIENT } from '../subjects/our-app.js';

export interface NestServerWish {
  readonly platform: 'express' | 'fastify';
  /** Whether its service asks through the module, or the client itself. */
  readonly isOurs: boolean;
}

type Ask = () => Promise<{ readonly id: string }>;

/** A Nest application with one route, whose handler makes one call. @returns its port */
export default async function nestServer({ platform, isOurs }: NestServerWish): Promise<number> {
  const held: { ask: Ask } = { ask: () => STUB_CLIENT.messages.create(PARAMS) };
  const options = { client: STUB_CLIENT, features: FEATURES, logging: false } as const;
  const imports = isOurs ? [ClaudeResilienceModule.forRoot(options)] : [];
  class ServerModule {}
  Module({ imports, controllers: [controllerOf(held)] })(ServerModule);
  const logger = { logger: ['error' as const] };
  const app = await (platform === 'fastify'
    ? NestFactory.create(ServerModule, new FastifyAdapter(), logger)
    : NestFactory.create(ServerModule, logger));
  if (isOurs) {
    const { messages } = app.get(ClaudeResilienceService);
    held.ask = () => messages.create(PARAMS, { feature: 'plain' });
  }
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer() as { address(): AddressInfo }).address().port;
}

function controllerOf(held: { readonly ask: Ask }): Type {
  class AnswerController {
    async answer(): Promise<{ readonly id: string }> {
      const { id } = await held.ask();
      return { id };
    }
  }
  const { prototype } = AnswerController;
  const method = Object.getOwnPropertyDescriptor(prototype, 'answer') ?? {};
  Get('answer')(prototype, 'answer', method as TypedPropertyDescriptor<unknown>);
  Controller()(AnswerController);
  return AnswerController;
}
