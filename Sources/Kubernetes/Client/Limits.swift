extension KubernetesClient {
    /// How much time and how many bytes each kind of call may take; times are for the whole exchange, connecting
    /// included.
    public struct Limits: Sendable, Hashable {
        /// An eviction. Under a busy budget the server itself tries for up to 10 s, and single calls took 5.7 s.
        public var eviction: Duration = .seconds(15)
        /// A deletion.
        public var deletion: Duration = .seconds(15)
        /// One page of a list.
        public var list: Duration = .seconds(10)
        /// Reading or changing a node.
        public var node: Duration = .seconds(5)
        /// Reading one pod or changing its status.
        public var pod: Duration = .seconds(5)
        /// Writing an event.
        public var event: Duration = .seconds(5)
        /// An access review.
        public var access: Duration = .seconds(5)
        /// Asking for the version.
        public var version: Duration = .seconds(5)
        /// Connecting, TLS included.
        public var connect: Duration = .seconds(2)
        /// How long the server keeps a watch open before it ends it in good order; whole seconds are asked for.
        public var watch: Duration = .seconds(300)
        /// Objects on one page of a list: one page for every node there is. They are decoded one by one, however many come.
        public var pageSize = 1_000
        /// Pages of one list; more is an error, not a loop.
        public var pages = 200
        /// Bytes of one object, alone, in a list or in a watch; etcd itself stores no more than 1.5 MiB.
        public var objectBytes = 4 << 20

        /// The house's limits.
        public init() {}
    }
}
