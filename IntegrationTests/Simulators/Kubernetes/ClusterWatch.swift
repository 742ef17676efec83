/// What a client asked for when it opened a watch.
struct WatchRequest: Sendable {
    var resource: KubernetesResource
    var selector: ObjectSelector
    /// The version after which changes are wanted; nil for the present objects first, then all changes.
    var after: Int?
    var allowsBookmarks: Bool
    /// Whether the end of the present objects is marked by a bookmark.
    var marksInitialEnd: Bool
    var timeout: Duration?
}

/// A watch under way. It does not queue: it remembers how far it has read and reads on in the store's history.
struct ClusterWatch {
    let request: WatchRequest
    let deadline: Duration
    var cursor: Int
    var initial: ArraySlice<StoredObject>
    var owesInitialEnd: Bool
    var nextBookmark: Duration
    /// Why it ends with an error; nil while it does not.
    var failure: APIStatus?
    var isOver = false
    /// Since when there is something that its reader has not fetched; nil when there is nothing.
    var behindSince: Duration?
    /// Who waits for news.
    var reader: CheckedContinuation<Void, Never>?
}

/// One line of a watch.
enum WatchEvent: Sendable {
    case added(StoredObject)
    case modified(StoredObject)
    /// The last state, and the version at which it was lost.
    case deleted(StoredObject, version: Int)
    case bookmark(KubernetesResource, version: Int, endsInitial: Bool)
    case error(APIStatus)
}

/// What a watch has to say now.
enum WatchNews {
    case events([WatchEvent])
    case nothing
    case over
}

extension ClusterState {
    /// Begins a watch.
    mutating func openWatch(_ request: WatchRequest) -> Int {
        let id = nextWatch
        nextWatch += 1
        let initial = request.after == nil ? store.list(request.resource, request.selector)[...] : []
        let deadline = now + (request.timeout ?? settings.watchTimeout)
        watches[id] = ClusterWatch(
            request: request, deadline: deadline, cursor: request.after ?? store.resourceVersion, initial: initial,
            owesInitialEnd: request.marksInitialEnd, nextBookmark: now + settings.bookmarkInterval)
        agenda.add(.wakeWatches, at: deadline)
        if request.allowsBookmarks { agenda.add(.wakeWatches, at: now + settings.bookmarkInterval) }
        return id
    }

    /// What a watch has to say; with nothing to say its reader is kept until there is.
    mutating func read(_ id: Int, waiting reader: CheckedContinuation<Void, Never>?) -> WatchNews {
        guard var watch = watches[id], !watch.isOver else {
            watches[id] = nil
            return .over
        }
        defer { if watches[id] != nil { watches[id] = watch } }
        if let failure = watch.failure {
            watch.isOver = true
            return .events([.error(failure)])
        }
        if watchesArePaused {
            watch.reader = reader
            return .nothing
        }
        if !watch.initial.isEmpty {
            let batch = watch.initial.prefix(100)
            watch.initial = watch.initial.dropFirst(batch.count)
            return .events(batch.map { .added($0) })
        }
        let resource = watch.request.resource
        if watch.owesInitialEnd {
            watch.owesInitialEnd = false
            return .events([.bookmark(resource, version: watch.cursor, endsInitial: true)])
        }
        guard let changes = store.changes(resource, after: watch.cursor) else {
            watch.isOver = true
            return .events([.error(.tooOld(watch.cursor, store.oldest(resource)))])
        }
        let wasBehind = watch.behindSince.map { now - $0 } ?? .zero
        watch.behindSince = nil
        if let buffer = settings.watchBuffer, wasBehind > buffer.patience, !watch.request.selector.fields.isEmpty,
            changes.lazy.compactMap({ Self.event($0, watch.request.selector) }).dropFirst(buffer.events).first != nil
        {
            watches[id] = nil
            return .over
        }
        if let last = changes.prefix(100).last {
            watch.cursor = last.resourceVersion
            let events = changes.prefix(100).compactMap { Self.event($0, watch.request.selector) }
            // Changes that do not concern it are read over; the reader asks again.
            return .events(events)
        }
        watch.cursor = max(watch.cursor, store.resourceVersion)
        if now >= watch.deadline {
            watches[id] = nil
            return .over
        }
        if watch.request.allowsBookmarks, now >= watch.nextBookmark {
            watch.nextBookmark = now + settings.bookmarkInterval
            agenda.add(.wakeWatches, at: watch.nextBookmark)
            return .events([.bookmark(resource, version: watch.cursor, endsInitial: false)])
        }
        watch.reader = reader
        return .nothing
    }

    /// A change as a watch with this selector sees it: coming into view is ADDED, going out of it DELETED.
    private static func event(_ change: ObjectChange, _ selector: ObjectSelector) -> WatchEvent? {
        let old = change.old.flatMap { selector.matches($0) ? $0 : nil }
        let new = change.new.flatMap { selector.matches($0) ? $0 : nil }
        return switch (old, new) {
        case (nil, let new?): .added(new)
        case (_?, let new?): .modified(new)
        case (let old?, nil): .deleted(old, version: change.resourceVersion)
        case (nil, nil): nil
        }
    }

    /// Wakes the readers of a resource's watches, or of all.
    mutating func wakeWatches(of resource: KubernetesResource?) {
        for (id, watch) in watches {
            guard resource == nil || watch.request.resource == resource else { continue }
            guard watch.reader != nil else {
                if resource != nil { watches[id]?.behindSince = watch.behindSince ?? now }
                continue
            }
            if let reader = watch.reader { wakes.append(reader) }
            watches[id]?.reader = nil
        }
    }

    /// Ends a watch because its client has gone.
    mutating func endWatch(_ id: Int) {
        if let reader = watches.removeValue(forKey: id)?.reader { wakes.append(reader) }
    }

    /// Ends all watches, with an error or without a word.
    mutating func endWatches(with failure: APIStatus? = nil) {
        for id in watches.keys {
            if let failure { watches[id]?.failure = failure } else { watches[id]?.isOver = true }
        }
        wakeWatches(of: nil)
    }
}
