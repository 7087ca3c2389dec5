const section = '/magazine';

/** @type {import('next').NextConfig} */
const nextConfig = {
  basePath: process.env.BASE_PATH || section,
  eslint: { ignoreDuringBuilds: true },
  async rewrites() {
    return [{ source: '/feed', destination: '/api/feed' }, { source: '/old/:path*', destination: '/api/feed' }];
  },
  async redirects() {
    return [{ source: '/start', destination: '/', permanent: false }];
  },
};

export default nextConfig;
