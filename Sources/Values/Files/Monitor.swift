public import Foundation

/// A lock that can be waited at. Waiting goes by a clock that nobody sets: with `NSCondition` a clock that is set back
/// meanwhile makes a tenth of a second an hour.
public final class Monitor: NSLocking, @unchecked Sendable {
    // Unchecked: what it is for.
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

    /// Waits, locked, until somebody broadcasts or so many seconds have passed.
    public func wait(seconds: Double) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let end = Double(time.tv_nsec) * 1e-9 + seconds
        time.tv_sec += Int(end)
        time.tv_nsec = Int((end - end.rounded(.down)) * 1e9)
        pthread_cond_timedwait(condition, mutex, &time)
    }
}
