/// Runs tasks on the transport's own thread, between its transfers: what asks and what answers then needs no other thread to be woken.
///
/// For work that never blocks and is over in far less than a millisecond: a transfer waits meanwhile. When the transport is closed, jobs go
/// to the shared pool instead, so that every task comes to its end.
final class LoopExecutor: TaskExecutor {
    private let mailbox: CurlMailbox

    /// An executor for the loop that reads that mailbox.
    init(mailbox: CurlMailbox) {
        self.mailbox = mailbox
    }

    /// Queues a job behind those that wait.
    func enqueue(_ job: consuming ExecutorJob) {
        let errand = Errand(job, of: self)
        if mailbox.post(.run(errand)) != nil { errand.runElsewhere() }
    }
}

/// A job and whose it is.
///
/// Safe: the executor outlives the tasks that prefer it, and whoever takes the errand runs it once.
@safe struct Errand: Sendable {
    /// Run exactly once.
    private let job: UnownedJob
    /// Alive as long as a task prefers it.
    private let executor: UnownedTaskExecutor

    /// A task's next piece, to be run once.
    init(_ job: consuming ExecutorJob, of executor: LoopExecutor) {
        self.job = UnownedJob(job)
        unsafe self.executor = executor.asUnownedTaskExecutor()
    }

    /// Runs the job here and now, up to where it waits next.
    func run() {
        unsafe job.runSynchronously(on: executor)
    }

    /// Gives the job to the shared pool.
    func runElsewhere() {
        globalConcurrentExecutor.enqueue(job)
    }
}
