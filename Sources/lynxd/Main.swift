import Yams
import ServiceLifecycle
import HummingbirdTLS
@main enum Main { static func main() {} }
