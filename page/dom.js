/**
 * Returns a new element with properties, attributes (`aria-…`, `role`, `data-…`, `class` …) and children.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | null | undefined | Function>} [given]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, given = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue
    if (typeof value === 'function') made.addEventListener(key, /** @type {EventListener} */ (value))
    else made.setAttribute(key, String(value))
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

/** Returns the element with an id. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element "${id}"`)
  return found
}

/** Returns a function that runs `work` once after the last of many calls. @param {() => void} work @param {number} [wait] */
export function settled(work, wait = 120) {
  let timer = 0
  return () => {
    clearTimeout(timer)
    timer = setTimeout(work, wait)
  }
}

/** Lets the browser paint before more work. @returns {Promise<void>} */
export function breathe() {
  return new Promise((resolve) => setTimeout(resolve))
}
