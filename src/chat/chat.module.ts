import { Module } from '@nestjs/common';
import { ChatPageController } from './chat-page.controller.js';
import { ChatController } from './chat.controller.js';

@Module({ controllers: [ChatController, ChatPageController] })
export class ChatModule {}
