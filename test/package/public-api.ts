import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

export interface Field {
  name: string;
  isOptional: boolean;
  type: string;
}

export interface Method {
  /** The call with its arguments: `login(credentials, client?)`. */
  call: string;
  /** The type to which its promise resolves. */
  result: string;
  /** Names of error codes, as its comment has them. */
  codes: string[];
}

/** The exports of the package's entry points, as the compiler sees them. */
export class PublicApi {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor() {
    const { config } = ts.readConfigFile(path('tsconfig.json'), ts.sys.readFile) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path(''));
    const entries = ['src/index.ts', 'src/client/index.ts', 'src/testing/index.ts'].map(path);
    this.#program = ts.createProgram(entries, { ...options, noEmit: true });
    this.#checker = this.#program.getTypeChecker();
  }

  exportsOf(entry: string): string[] {
    return [...this.#declarationsOf(entry).keys()];
  }

  /** An interface or a type as a document shows it, with its comments; undefined for any other declaration. */
  typeDeclaration(entry: string, name: string): string | undefined {
    const declaration = this.#declarationsOf(entry).get(name);
    if (declaration === undefined) return undefined;
    const isType = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
    if (!isType) return undefined;
    const [comment] = ts.getJSDocCommentsAndTags(declaration);
    const text = declaration
      .getText()
      .replace(/^export /, '')
      .replaceAll(/^ *\/\/ oxlint.*\n/gm, '');
    return [comment?.getText(), text]
      .filter((part) => part !== undefined)
      .join('\n')
      .replaceAll(/\{@link (\S+?)\}/g, '`$1`');
  }

  /** The comment of an exported constant: `The token of the port: a {@link Clock}.` */
  commentOf(entry: string, name: string): string {
    const declaration = this.#declarationsOf(entry).get(name)!;
    const [comment] = ts.getJSDocCommentsAndTags(declaration);
    return comment === undefined ? '' : comment.getText();
  }

  /** The classes of an entry point, with the members that others can reach and that no implemented interface has. */
  classesOf(entry: string): { name: string; members: string[] }[] {
    return [...this.#declarationsOf(entry)].flatMap(([name, declaration]) =>
      ts.isClassDeclaration(declaration) ? [{ name, members: this.#ownOf(declaration) }] : [],
    );
  }

  methodsOf(entry: string, className: string): Method[] {
    const declaration = this.#declarationsOf(entry).get(className) as ts.ClassDeclaration;
    return declaration.members
      .filter(ts.isMethodDeclaration)
      .filter((method) => !ts.isPrivateIdentifier(method.name))
      .map((method) => {
        const given = method.parameters.map(
          ({ name, initializer, questionToken }) =>
            name.getText() + ((initializer ?? questionToken) ? '?' : ''),
        );
        return {
          call: `${method.name.getText()}(${given.join(', ')})`,
          result: /^Promise<(.*)>$/.exec(method.type!.getText())![1]!,
          codes: codesThrownBy(method),
        };
      });
  }

  /** The variants of a union of objects by the value of their `type`, with their other fields. */
  variantsOf(entry: string, name: string): Map<string, Field[]> {
    const declaration = this.#declarationsOf(entry).get(name)!;
    const union = this.#checker.getTypeAtLocation(declaration) as ts.UnionType;
    return new Map(
      union.types.map((variant) => {
        const { type, ...fields } = Object.fromEntries(
          this.#checker
            .getPropertiesOfType(variant)
            .map((property) => [property.name, this.#field(property, declaration)]),
        );
        return [JSON.parse(type!.type) as string, Object.values(fields)];
      }),
    );
  }

  #field(property: ts.Symbol, place: ts.Node): Field {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const found = this.#checker.getTypeOfSymbolAtLocation(property, place);
    const text = this.#checker.typeToString(found, undefined, ts.TypeFormatFlags.NoTruncation);
    const type = text.replace(' | undefined', '');
    return { name: property.name, isOptional, type };
  }

  #ownOf(declaration: ts.ClassDeclaration): string[] {
    const implemented = new Set(
      (declaration.heritageClauses ?? [])
        .filter(({ token }) => token === ts.SyntaxKind.ImplementsKeyword)
        .flatMap(({ types }) => types)
        .flatMap((type) => this.#checker.getTypeAtLocation(type).getProperties())
        .map(({ name }) => name),
    );
    return reachable(declaration).filter((member) => !implemented.has(member));
  }

  #declarationsOf(entry: string): Map<string, ts.Declaration> {
    const module = this.#checker.getSymbolAtLocation(this.#program.getSourceFile(path(entry))!)!;
    return new Map(
      this.#checker.getExportsOfModule(module).map((symbol) => {
        const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
        const target = isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
        return [symbol.name, target.declarations![0]!];
      }),
    );
  }
}

/** Which types a piece of code declares. */
export function declaredIn(code: string): string[] {
  return ts
    .createSourceFile('types.ts', code, ts.ScriptTarget.ES2023)
    .statements.filter((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
    .map(({ name }) => name.text);
}

function reachable(declaration: ts.ClassDeclaration): string[] {
  return declaration.members
    .filter((member) => ts.isMethodDeclaration(member) || ts.isPropertyDeclaration(member))
    .filter(({ name }) => !ts.isPrivateIdentifier(name))
    .filter((member) => (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) === 0)
    .map(({ name }) => name.getText());
}

function codesThrownBy(method: ts.MethodDeclaration): string[] {
  const thrown = ts.getJSDocTags(method).filter(({ tagName }) => tagName.text === 'throws');
  return thrown.flatMap(({ comment }) =>
    [...(ts.getTextOfJSDocComment(comment) ?? '').matchAll(/`([a-z_]+)`/g)].map(
      (match) => match[1]!,
    ),
  );
}
