/** The element with an id. */
export const $ = (id) => document.getElementById(id);

/** A new element: `element('li', { className: 'x' }, 'text', child)`. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
