import { Controller, Get, Header, NotFoundException, Param } from '@nestjs/common';
import { readClientModules } from './client-modules.js';

/** Serves the library's client to pages: those modules, and no other file. */
@Controller('client')
export class ClientModulesController {
  readonly #modules = readClientModules();

  @Get(':file')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', 'no-cache')
  @Header('X-Content-Type-Options', 'nosniff')
  module(@Param('file') file: string): string {
    const module = this.#modules.get(file);
    if (module === undefined) throw new NotFoundException();
    return module;
  }
}
