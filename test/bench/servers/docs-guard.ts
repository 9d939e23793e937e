import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { HELLO } from './hello.js';
import { createApp, serve, USERS } from './serve.js';

/** The guard of https://docs.nestjs.com/recipes/passport, names and settings as there. */
const jwtConstants = {
  secret: 'a random secret of the length that the docs leave to the reader, 0x51f0',
};

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      ignoreExpiration: false,
      secretOrKey: jwtConstants.secret,
    });
  }

  async validate(payload: { sub: string; username: string }) {
    return { userId: payload.sub, username: payload.username };
  }
}

@Injectable()
class JwtAuthGuard extends AuthGuard('jwt') {}

@Controller()
class HelloController {
  @UseGuards(JwtAuthGuard)
  @Get('hello')
  hello(): object {
    return HELLO;
  }
}

@Module({
  imports: [
    PassportModule,
    JwtModule.register({ secret: jwtConstants.secret, signOptions: { expiresIn: '1h' } }),
  ],
  controllers: [HelloController],
  providers: [JwtStrategy],
})
class DocsModule {}

const app = await createApp(DocsModule);
const jwt = app.get(JwtService);
await serve(app, async () =>
  Promise.all(
    Array.from({ length: USERS }, (_, i) => jwt.signAsync({ sub: `${i}`, username: `user${i}` })),
  ),
);
