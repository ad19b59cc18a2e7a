public import Foundation

/// A lock with a condition, whose waits use a monotonic clock. With `NSCondition`, setting the clock back during a wait
/// turns a tenth of a second into an hour.
public final class Monitor: NSLocking, @unchecked Sendable {
    // Unchecked because it is a lock.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    public init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func lock() { pthread_mutex_lock(mutex) }
    public func unlock() { pthread_mutex_unlock(mutex) }
    public func broadcast() { pthread_cond_broadcast(condition) }

    /// Waits, locked, until a broadcast or for at most this many seconds.
    public func wait(seconds: Double) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let end = Double(time.tv_nsec) * 1e-9 + seconds
        time.tv_sec += Int(end)
        time.tv_nsec = Int((end - end.rounded(.down)) * 1e9)
        pthread_cond_timedwait(condition, mutex, &time)
    }
}
