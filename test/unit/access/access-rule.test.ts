import { applyDecorators, Get } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from '@jest/globals';
import { accessRule, classesOf } from '../../../src/access/access-rule.js';
import { refuseContradictions } from '../../../src/access/decorator-checks.js';
import { Public } from '../../../src/access/public.decorator.js';
import { Roles } from '../../../src/access/roles.decorator.js';

const noRoles = Roles(...([] as unknown as [string]));
const Both = () => applyDecorators(Public(), Roles('admin'));

@Public()
class Park {
  bench() {}

  @Roles('gardener')
  shed() {}

  @Public(false)
  gate() {}
}

@Roles('owner')
class House {
  room() {}

  @Public()
  doorstep() {}

  @Public(false)
  cellar() {}
}

@Roles('owner')
class Garden extends Park {}

class Allotment extends Park {}

@Public()
class Museum extends House {}

describe('whom the decorators let in:', () => {
  it.each([
    [Park, 'bench', true, null],
    [Park, 'shed', false, ['gardener']],
    [Park, 'gate', false, null],
    [House, 'room', false, ['owner']],
    [House, 'doorstep', true, null],
    [House, 'cellar', false, ['owner']],
    [Garden, 'bench', false, ['owner']],
    [Garden, 'shed', false, ['gardener']],
    [Garden, 'gate', false, ['owner']],
    [Allotment, 'bench', true, null],
    [Allotment, 'shed', false, ['gardener']],
    [Museum, 'room', true, null],
    [Museum, 'doorstep', true, null],
    [Museum, 'cellar', false, ['owner']],
  ])('%p.%s: everybody %s, roles %j', (controller, method, isPublic, roles) => {
    const handler = (controller.prototype as unknown as Record<string, object>)[method]!;
    for (let i = 0; i < 2; i += 1) {
      expect(accessRule(handler, controller)).toEqual({ isPublic, roles });
    }
  });
});

describe('a handler’s classes', () => {
  it('are its own and those that this one extends', () => {
    expect(classesOf(Museum)).toEqual([Museum, House]);
    expect(classesOf(Park)).toEqual([Park]);
  });

  it('are none if Nest knows none: then its own decorators decide', () => {
    for (const [handler, isPublic, roles] of [
      [House.prototype.doorstep, true, null],
      [House.prototype.room, false, null],
      [Park.prototype.shed, false, ['gardener']],
    ] as const) {
      const context = new ExecutionContextHost([], undefined, handler);
      expect(accessRule(context.getHandler(), context.getClass())).toEqual({ isPublic, roles });
    }
  });
});

describe('contradictory decorators', () => {
  it('stop the boot, naming the class and method', () => {
    class OnMethod {
      @Public()
      @Roles('admin')
      safe() {}
    }
    @Both()
    class OnClass {
      desk() {}
    }
    class Inherited extends OnMethod {}
    class WithoutRole {
      @noRoles
      safe() {}
    }
    class WithOddRole {
      @Roles(undefined as unknown as string)
      safe() {}
    }
    class WithEmptyRole {
      @Roles('admin', '')
      safe() {}
    }
    for (const [controller, sentence] of [
      [OnMethod, 'OnMethod.safe has both @Public() and @Roles()'],
      [OnClass, 'OnClass has both @Public() and @Roles()'],
      [Inherited, 'OnMethod.safe has both'],
      [WithoutRole, 'WithoutRole.safe has @Roles() without a role'],
      [WithOddRole, 'WithOddRole.safe has @Roles() without a role'],
      [WithEmptyRole, 'WithEmptyRole.safe has @Roles() without a role'],
    ] as const) {
      expect(() => refuseContradictions(controller)).toThrow(sentence);
    }
  });

  it('deny rather than allow, if the boot check didn’t run', () => {
    class OnMethod {
      @Both()
      safe() {}
    }
    expect(accessRule(OnMethod.prototype.safe, OnMethod)).toEqual({
      isPublic: false,
      roles: ['admin'],
    });
  });

  it('are not those on two levels, nor @Public(false)', () => {
    class Closed {
      @Public(false)
      @Roles('admin')
      safe() {}

      get odd(): never {
        throw new Error('not to be read');
      }
    }
    for (const controller of [Park, House, Garden, Museum, Closed]) {
      expect(() => refuseContradictions(controller)).not.toThrow();
    }
  });
});

describe('a method that overrides a decorated one, and has no access decorators of its own', () => {
  @Public()
  class Base {
    @Get('safe')
    @Roles('admin')
    safe() {}

    @Get('desk')
    @Public(false)
    desk() {}

    @Get('bench')
    bench() {}
  }

  function withSafe(Parent: typeof Base) {
    class Mixin extends Parent {
      @Get('safe')
      override safe() {}
    }
    return Object.defineProperty(Mixin, 'name', { value: '' });
  }

  it('stops the boot if that makes it public, naming both methods', () => {
    class Child extends Base {
      @Get('safe')
      override safe() {}
    }
    class Grandchild extends Child {}
    class Desk extends Base {
      @Get('desk')
      override desk() {}
    }
    @Roles('owner')
    class Guarded {
      @Get('safe')
      @Roles('admin')
      safe() {}
    }
    @Public()
    class Opened extends Guarded {
      @Get('safe')
      override safe() {}
    }
    class Unguarded {
      @Get('safe')
      @Roles('admin', 'owner')
      safe() {}
    }
    class ForAnybody extends Unguarded {
      @Get('safe')
      override safe() {}
    }
    for (const [controller, sentence] of [
      [Child, "Child.safe overrides Base.safe, which has @Roles('admin'), and inherits no"],
      [Grandchild, 'Child.safe overrides Base.safe'],
      [Desk, 'Desk.desk overrides Base.desk, which has @Public(false)'],
      [Opened, 'Opened.safe overrides Guarded.safe'],
      [ForAnybody, "which has @Roles('admin', 'owner'), and inherits no decorator: whoever"],
    ] as const) {
      expect(() => refuseContradictions(controller)).toThrow(sentence);
    }
  });

  it('stops the boot also in a class made by a mixin, and under a symbol', () => {
    const hidden = Symbol('hidden');
    class Symbolic {
      @Get('x')
      @Roles('admin')
      [hidden]() {}
    }
    @Public()
    class Overriding extends Symbolic {
      @Get('x')
      override [hidden]() {}
    }
    class Contradicting {
      @Both()
      [hidden]() {}
    }
    class Mixed extends withSafe(Base) {}
    for (const [controller, sentence] of [
      [Mixed, 'A class without a name.safe overrides Base.safe'],
      [Overriding, 'Overriding.Symbol(hidden) overrides Symbolic.Symbol(hidden)'],
      [Contradicting, 'Contradicting.Symbol(hidden) has both'],
    ] as const) {
      expect(() => refuseContradictions(controller)).toThrow(sentence);
    }
  });

  it('is accepted if it declares its access, is as closed as before, or is no handler', () => {
    class Saying extends Base {
      @Get('safe')
      @Public()
      override safe() {}

      @Get('desk')
      @Roles('clerk')
      override desk() {}

      @Get('bench')
      override bench() {}
    }
    class After extends Saying {
      @Get('safe')
      override safe() {}
    }
    @Roles('admin')
    class Closed extends Base {
      @Get('safe')
      override safe() {}

      @Get('desk')
      override desk() {}
    }
    class SwitchedOff extends Base {
      override safe() {}
    }
    for (const controller of [Saying, After, Closed, SwitchedOff]) {
      expect(() => refuseContradictions(controller)).not.toThrow();
    }
  });
});
