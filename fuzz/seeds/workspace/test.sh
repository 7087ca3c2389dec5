curl -s http://gateway/api/health || wget http://gateway/old
ÿ