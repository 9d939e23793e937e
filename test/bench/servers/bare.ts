import { Controller, Get, Module } from '@nestjs/common';
import { HELLO } from './hello.js';
import { createApp, serve } from './serve.js';

/** A Nest app with the route alone. */
@Controller()
class HelloController {
  @Get('hello')
  hello(): object {
    return HELLO;
  }
}

@Module({ controllers: [HelloController] })
class BareModule {}

await serve(await createApp(BareModule));
