/** An object whose fields are getters of its class. */
export class Model<T extends object> {
  constructor(readonly dataValues: T) {
    const prototype = Object.create(Model.prototype) as object;
    for (const key of Object.keys(dataValues) as (keyof T & string)[]) {
      Object.defineProperty(prototype, key, {
        get(this: Model<T>) {
          return this.dataValues[key];
        },
      });
    }
    Object.setPrototypeOf(this, prototype);
  }

  asRow(): T {
    return this as unknown as T;
  }
}
