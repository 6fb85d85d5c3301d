export const modelParameters = {}
