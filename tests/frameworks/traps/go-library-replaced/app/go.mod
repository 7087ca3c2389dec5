module example.com/shop

go 1.22

require go.uber.org/zap v1.27.0

replace (
	go.uber.org/zap => github.com/acme/zap v1.27.1
)
