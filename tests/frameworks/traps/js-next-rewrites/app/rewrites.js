exports.rewrites = async () => [{ source: '/x', destination: '/y' }];
