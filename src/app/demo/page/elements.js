/** The element with an id. */
export const $ = (id) => document.getElementById(id);

/** A new element: `element('li', { className: 'x' }, 'text', child)`. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Makes a change. If that hides or disables what has the focus, the heading of its card gets it, not the body. */
export function keepingFocus(change) {
  const focused = document.activeElement;
  const heading = focused?.closest('section')?.querySelector('h2');
  change();
  if (heading && (focused.disabled || !focused.checkVisibility())) heading.focus();
}
