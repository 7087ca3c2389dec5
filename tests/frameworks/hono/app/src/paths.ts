export enum Paths {
  Api = '/api',
  Plants = '/plants',
}
