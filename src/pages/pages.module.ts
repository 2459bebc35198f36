import { Module } from '@nestjs/common';
import { OverloadSummariesController } from '../demo/overload-summaries.controller.js';
import { ClientModulesController } from './client-modules.controller.js';
import { SummaryPageController } from './summary-page.controller.js';

@Module({ controllers: [ClientModulesController, OverloadSummariesController, SummaryPageController] })
export class PagesModule {}
