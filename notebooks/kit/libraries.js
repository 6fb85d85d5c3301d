/** The libraries that cells know by name; everything else is imported. */
export const aq = () => import('arquero')
export const md = () => import('observable:runtime/stdlib/md.js').then(({ md }) => md)
export const Inputs = () => import('./show.js').then(({ table }) => ({ table }))
