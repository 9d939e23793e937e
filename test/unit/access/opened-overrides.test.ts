import { Get, Logger, SetMetadata, UseGuards } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { refuseContradictions } from '../../../src/access/decorator-checks.js';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { Public } from '../../../src/access/public.decorator.js';
import { Roles } from '../../../src/access/roles.decorator.js';
import { RolesGuard } from '../../../src/access/roles.guard.js';

const Listens = () => SetMetadata('EVENT_LISTENER_METADATA', ['deleted']);
const Subscribes = () => SetMetadata('message', 'safe');
const Describes = () => SetMetadata('swagger/apiOperation', {});
const placeOf = (instance: object) => ({ isController: true, instance });

@Public()
class Base {
  @Get('safe')
  @Roles('admin')
  safe() {}
}

describe('a method that overrides a decorated one, and inherits no decorators,', () => {
  describe('and whose class has roles', () => {
    @Roles('user', 'auditor')
    class Records {
      @Get()
      @Roles('admin', 'auditor')
      remove() {}

      @Get()
      @Public(false)
      list() {}
    }
    abstract class Bare {
      @Get()
      @Roles('admin', 'auditor')
      remove() {}
    }

    it('stops the boot if these admit somebody whom the other’s didn’t, and names all solutions', () => {
      class OfBase extends Records {
        @Get()
        override remove() {}
      }
      @Roles('user')
      class OfChild extends Bare {
        @Get()
        override remove() {}
      }
      @Roles('admin', 'user')
      class WithOneMore extends Bare {
        @Get()
        override remove() {}
      }
      for (const [controller, sentence] of [
        [
          OfBase,
          "OfBase.remove overrides Records.remove, which has @Roles('admin', 'auditor'), and inherits no decorator: " +
            "whoever has the role 'user' or 'auditor' could call it. Say on it who may: @Roles('admin', 'auditor'), as before; " +
            "@Public(false), for whoever has the role 'user' or 'auditor'; @Public(), for everybody.",
        ],
        [OfChild, "whoever has the role 'user' could call it"],
        [WithOneMore, "whoever has the role 'admin' or 'user' could call it"],
      ] as const) {
        expect(() => refuseContradictions(controller)).toThrow(sentence);
      }
    });

    it('is accepted if these are the same or fewer, if the other admitted more, or if it declares its access', () => {
      @Roles('auditor', 'admin')
      class Same extends Bare {
        @Get()
        override remove() {}
      }
      @Roles('admin')
      class Fewer extends Bare {
        @Get()
        override remove() {}
      }
      class ForAsMany extends Records {
        @Get()
        override list() {}
      }
      @Roles('user')
      class Saying extends Bare {
        @Get()
        @Public(false)
        override remove() {}
      }
      for (const controller of [Same, Fewer, ForAsMany, Saying]) {
        expect(() => refuseContradictions(controller)).not.toThrow();
      }
    });
  });

  it('stops the boot if it was not for everybody, and names all solutions', () => {
    class Closed {
      @Get()
      @Public(false)
      safe() {}
    }
    @Public()
    class Opened extends Closed {
      @Get()
      override safe() {}
    }
    class AsClosed extends Closed {
      @Get()
      override safe() {}
    }
    expect(() => refuseContradictions(Opened)).toThrow(
      'Opened.safe overrides Closed.safe, which has @Public(false), and inherits no decorator: everybody could call it. ' +
        'Say on it who may: @Roles(…); @Public(false), for whoever is logged in; @Public(), for everybody.',
    );
    expect(() => refuseContradictions(AsClosed)).not.toThrow();
  });

  it('is compared with the nearest decorated one also if a class between has a property of that name', () => {
    class Between extends Base {}
    Object.defineProperty(Between.prototype, 'safe', { get: () => () => {} });
    class Opened extends Between {
      @Get('safe')
      override safe() {}
    }
    expect(() => refuseContradictions(Opened)).toThrow('Opened.safe overrides Base.safe');
    expect(() => refuseContradictions(Between)).not.toThrow();
  });

  it('counts only as the last override, compared with the nearest decorated one', () => {
    class Silent extends Base {
      override safe() {}
    }
    class Opened extends Silent {
      @Get('safe')
      override safe() {}
    }
    class Between extends Base {
      @Get('safe')
      override safe() {}
    }
    class SayingAgain extends Between {
      @Get('safe')
      @Roles('admin')
      override safe() {}
    }
    expect(() => refuseContradictions(Opened)).toThrow('Opened.safe overrides Base.safe');
    expect(() => refuseContradictions(SayingAgain)).not.toThrow();
  });

  describe('with its own guard', () => {
    class OwnerGuard {
      canActivate = () => true;
    }
    class OurRolesGuard extends RolesGuard {}
    class OtherGuard extends OwnerGuard {}
    let warn: jest.SpiedFunction<Logger['warn']>;
    beforeEach(() => {
      warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it.each([
      [[OwnerGuard], 'OwnerGuard'],
      [[new OwnerGuard()], 'OwnerGuard'],
      [[OwnerGuard, OtherGuard], 'OwnerGuard and OtherGuard'],
    ])('boots, and one line reports that: %p', (guards, names) => {
      class Decided extends Base {
        @Get('safe')
        @UseGuards(JwtAuthGuard, ...guards)
        override safe() {}
      }
      expect(() => refuseContradictions(Decided)).not.toThrow();
      expect(warn.mock.calls).toEqual([
        [
          `Decided.safe overrides Base.safe, which has @Roles('admin'), and inherits no decorator: everybody whom ${names} lets through can call it. ` +
            "Say on it who may: @Roles('admin'), as before; @Public(false), for whoever is logged in; @Public(), for everybody.",
        ],
      ]);
      expect(warn.mock.contexts).toMatchObject([{ context: 'AuthModule' }]);
    });

    it('reports nothing for what a guard of this package would refuse anyway', () => {
      class Forgotten extends Base {
        @Get('safe')
        @UseGuards(JwtAuthGuard, OurRolesGuard)
        override safe() {}
      }
      expect(() => refuseContradictions(Forgotten)).toThrow('Forgotten.safe overrides Base.safe');
    });
  });

  describe('is checked only if a request can call it:', () => {
    const provider = { isController: false, instance: null };

    it('a service that extends a controller’s class can’t be called', () => {
      class Service extends Base {
        @Get('safe')
        @Listens()
        override safe() {}
      }
      expect(() => refuseContradictions(Service, provider)).not.toThrow();
    });

    it('a method that is only documented, or handles events, is no route', () => {
      class Disabled extends Base {
        @Describes()
        @Listens()
        override safe() {}
      }
      expect(() => refuseContradictions(Disabled)).not.toThrow();
    });

    it.each([
      ['microservices:pattern', true],
      ['graphql:resolver_type', false],
      ['graphql:resolve_property', false],
      ['graphql:resolve_reference', false],
    ])('this can be called with the key %s', (key, isController) => {
      class Child extends Base {
        @SetMetadata(key, 'safe')
        override safe() {}
      }
      const place = { ...provider, isController };
      expect(() => refuseContradictions(Child, place)).toThrow('Child.safe overrides Base.safe');
    });

    it('this can be called in a gateway, or a class that extends one', () => {
      @SetMetadata('websockets:is_gateway', true)
      class Gateway extends Base {
        @Subscribes()
        override safe() {}
      }
      class Extended extends Gateway {}
      class NoGateway extends Base {
        @Subscribes()
        override safe() {}
      }
      for (const each of [Gateway, Extended]) {
        expect(() => refuseContradictions(each, provider)).toThrow('Gateway.safe overrides');
      }
      expect(() => refuseContradictions(NoGateway, provider)).not.toThrow();
    });
  });

  it('this stops the boot also if an instance property replaces it, which Nest then calls', () => {
    class Bound extends Base {
      constructor() {
        super();
        this.safe = this.safe.bind(this);
      }
    }
    class Saying extends Base {
      constructor() {
        super();
        Roles('admin')((this.safe = () => {}));
      }
    }
    expect(() => refuseContradictions(Bound, placeOf(new Bound()))).toThrow(
      "An instance of Bound has a function in place of Base.safe, which has @Roles('admin'), and",
    );
    expect(() => refuseContradictions(Saying, placeOf(new Saying()))).not.toThrow();
    expect(() => refuseContradictions(Base, placeOf(new Base()))).not.toThrow();
  });
});
