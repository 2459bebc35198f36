import { Module } from '@nestjs/common';
import { ClaudeExceptionFilter } from 'nestjs-claude-resilience';
import { ChatFailures } from './chat-failures.js';
import { ChatPageController } from './chat-page.controller.js';
import { ChatController } from './chat.controller.js';

@Module({ controllers: [ChatController, ChatPageController], providers: [ChatFailures, ClaudeExceptionFilter] })
export class ChatModule {}
