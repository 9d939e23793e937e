import { Get, UseGuards } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { refuseLostGuards } from '../../../src/access/lost-guards.js';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { JwtRefreshGuard } from '../../../src/access/jwt-refresh.guard.js';
import { RolesGuard } from '../../../src/access/roles.guard.js';
import { SameSiteGuard } from '../../../src/http/same-site.guard.js';

const check = (instance: object, isController = true) =>
  refuseLostGuards(instance.constructor, { isController, instance });

class OtherGuard {
  canActivate = () => true;
}
class Extended extends JwtAuthGuard {}

class Vault {
  @Get()
  @UseGuards(Extended, OtherGuard, SameSiteGuard)
  safe() {}

  @Get('door')
  @UseGuards(OtherGuard)
  door() {}

  @UseGuards(JwtAuthGuard)
  noRoute() {}
}

describe('a function that an instance has in place of a guarded method', () => {
  it('stops the boot, and names the guards of this module that Nest would leave out', () => {
    class Bound extends Vault {
      constructor() {
        super();
        this.safe = this.safe.bind(this);
      }
    }
    expect(() => check(new Bound())).toThrow(
      'An instance of Bound has a function in place of Vault.safe, and Nest would call it without Extended and SameSiteGuard: ' +
        'write it as a method, neither bound in the constructor nor as an arrow function, or put the guard on the class.',
    );
  });

  it.each([JwtAuthGuard, JwtRefreshGuard, RolesGuard, SameSiteGuard])('does so for %p', (guard) => {
    class Arrow {
      @Get()
      @UseGuards(guard)
      safe() {}
      constructor() {
        this.safe = () => {};
      }
    }
    expect(() => check(new Arrow())).toThrow(`without ${guard.name}: write`);
  });

  it('is allowed where no guard of this module is lost, where there is no route, and in a class’s own method', () => {
    class Decorated extends Vault {
      constructor() {
        super();
        UseGuards(Extended, SameSiteGuard)((this.safe = () => {}));
        this.door = () => {};
        this.noRoute = () => {};
      }
    }
    @UseGuards(JwtAuthGuard)
    class OfClass {
      @Get()
      @UseGuards(JwtAuthGuard)
      safe() {}
      constructor() {
        this.safe = () => {};
      }
    }
    class Overriding extends Vault {
      @Get()
      override safe() {}
    }
    for (const each of [new Vault(), new Decorated(), new OfClass(), new Overriding()]) {
      expect(() => check(each)).not.toThrow();
    }
  });

  it('is allowed in a provider, which no request reaches', () => {
    class Provider extends Vault {
      override safe = () => {};
    }
    expect(() => check(new Provider(), false)).not.toThrow();
  });
});
