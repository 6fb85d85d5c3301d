import { drawn } from './view.js'

// a picture of the page of dgas compare becomes the same chart with what is under the pointer; without scripts it stays a picture
for (const data of document.querySelectorAll('script[type="application/json"]')) {
  const picture = /** @type {HTMLElement} */ (data.previousElementSibling)
  drawn(JSON.parse(data.textContent), picture, true)
}
document.documentElement.dataset.ready = 'true'
