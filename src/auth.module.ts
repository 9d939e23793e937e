import { CoreAuthModule } from './core-auth.module.js';
import type { Databases } from './databases.js';
import { typeOrmDatabases } from './typeorm/typeorm-databases.js';

/**
 * Login sessions: routes, guards and `AuthService`. Import it once, with `forRoot` or `forRootAsync`: without them
 * whatever it exports stops the boot. Keeps sessions by TypeORM, unless it is given a `store`.
 */
export class AuthModule extends CoreAuthModule {
  /** @internal */
  protected static override readonly databases: Databases = typeOrmDatabases;
}
