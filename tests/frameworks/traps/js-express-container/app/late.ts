import { Container } from 'typedi'
const web: any = Container.get('app')
web.get('/x', (q, s) => s.send(''))
