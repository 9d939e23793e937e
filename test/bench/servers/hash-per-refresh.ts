import {
  Controller,
  ForbiddenException,
  HttpCode,
  Injectable,
  Module,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import argon2 from 'argon2';
import cookieParser from 'cookie-parser';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Column, Entity, PrimaryGeneratedColumn, Repository } from 'typeorm';
import { createApp, serve, USERS } from './serve.js';

/**
 * Refresh as tutorials for Nest teach it: Passport with string secrets, and argon2 (its own defaults) of the refresh
 * token in the user's row, verified and made anew with every refresh.
 */
const ACCESS_SECRET = 'the access secret of a tutorial, read from the environment there';
const REFRESH_SECRET = 'the refresh secret of a tutorial, read from the environment there';

interface RefreshRequest {
  cookies: { Refresh: string };
  user: { sub: number; refreshToken: string };
}

@Entity({ name: 'tutorial_users' })
class TutorialUser {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar' })
  username!: string;

  @Column({ type: 'varchar', nullable: true })
  refreshToken!: string | null;
}

@Injectable()
class RefreshTokenStrategy extends PassportStrategy(Strategy, 'jwt-refresh') {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromExtractors([
        (request: unknown) => (request as RefreshRequest).cookies?.Refresh,
      ]),
      secretOrKey: REFRESH_SECRET,
      passReqToCallback: true,
    });
  }

  validate(request: unknown, payload: { sub: number }) {
    return { ...payload, refreshToken: (request as RefreshRequest).cookies.Refresh };
  }
}

@Injectable()
class TutorialAuth {
  constructor(
    @InjectRepository(TutorialUser) readonly users: Repository<TutorialUser>,
    private readonly jwt: JwtService,
  ) {}

  async refreshTokens(userId: number, refreshToken: string) {
    const user = await this.users.findOneBy({ id: userId });
    if (!user?.refreshToken) throw new ForbiddenException('Access Denied');
    const matches = await argon2.verify(user.refreshToken, refreshToken);
    if (!matches) throw new ForbiddenException('Access Denied');
    const tokens = await this.getTokens(user.id, user.username);
    await this.updateRefreshToken(user.id, tokens.refreshToken);
    return tokens;
  }

  async updateRefreshToken(userId: number, refreshToken: string) {
    await this.users.update(userId, { refreshToken: await argon2.hash(refreshToken) });
  }

  async getTokens(sub: number, username: string) {
    const [accessToken, refreshToken] = await Promise.all([
      this.jwt.signAsync({ sub, username }, { secret: ACCESS_SECRET, expiresIn: '15m' }),
      this.jwt.signAsync({ sub, username }, { secret: REFRESH_SECRET, expiresIn: '7d' }),
    ]);
    return { accessToken, refreshToken };
  }
}

@Controller('auth')
class TutorialController {
  constructor(private readonly auth: TutorialAuth) {}

  @UseGuards(AuthGuard('jwt-refresh'))
  @Post('refresh')
  @HttpCode(200)
  async refresh(
    @Req() { user }: RefreshRequest,
    @Res({ passthrough: true }) response: { cookie(...given: unknown[]): void },
  ): Promise<object> {
    const { accessToken, refreshToken } = await this.auth.refreshTokens(
      user.sub,
      user.refreshToken,
    );
    response.cookie('Refresh', refreshToken, { httpOnly: true });
    return { accessToken };
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'better-sqlite3',
      database: ':memory:',
      entities: [TutorialUser],
      synchronize: true,
    }),
    TypeOrmModule.forFeature([TutorialUser]),
    PassportModule,
    JwtModule.register({}),
  ],
  controllers: [TutorialController],
  providers: [RefreshTokenStrategy, TutorialAuth],
})
class TutorialModule {}

const app = await createApp(TutorialModule);
app.use(cookieParser());
const auth = app.get(TutorialAuth);
await serve(app, async () => {
  const tokens: string[] = [];
  for (let i = 0; i < USERS; i += 1) {
    const { id, username } = await auth.users.save({ username: `user${i}` });
    const { refreshToken } = await auth.getTokens(id, username);
    await auth.updateRefreshToken(id, refreshToken);
    tokens.push(refreshToken);
  }
  return tokens;
});
