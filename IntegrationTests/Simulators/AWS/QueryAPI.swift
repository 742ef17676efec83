/// One of AWS's query APIs: how it writes answers and errors.
struct QueryAPI: Sendable {
    /// The XML namespace of everything it writes.
    let namespace: String
    /// The only version of it that is simulated.
    let version: String

    /// Amazon EC2 Auto Scaling.
    static let autoScaling = QueryAPI(
        namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/", version: "2011-01-01")
    /// The Security Token Service.
    static let tokenService = QueryAPI(
        namespace: "https://sts.amazonaws.com/doc/2011-06-15/", version: "2011-06-15")

    /// The document of a successful action.
    func success(_ action: String, _ result: [XMLFragment], requestID: String) -> LabResponse {
        let document = XMLFragment.element(
            "\(action)Response",
            [
                .element("\(action)Result", result),
                .element("ResponseMetadata", [.leaf("RequestId", requestID)]),
            ])
        return answer(200, document, requestID: requestID)
    }

    /// The document of an error.
    func failure(_ status: Int, code: String, message: String, requestID: String) -> LabResponse {
        let document = XMLFragment.element(
            "ErrorResponse",
            [
                .element(
                    "Error",
                    [
                        .leaf("Type", status < 500 ? "Sender" : "Receiver"), .leaf("Code", code),
                        .leaf("Message", message),
                    ]),
                .leaf("RequestId", requestID),
            ])
        return answer(status, document, requestID: requestID)
    }

    private func answer(_ status: Int, _ document: XMLFragment, requestID: String) -> LabResponse {
        LabResponse(
            status: status,
            headers: [(name: "x-amzn-RequestId", value: requestID), (name: "Content-Type", value: "text/xml")],
            body: .bytes(Array(document.text(attributes: " xmlns=\"\(namespace)\"").utf8)))
    }
}

/// Why a query API refuses a call.
struct QueryFailure: Error {
    let status: Int
    let code: String
    let message: String

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The client sent something that cannot be.
    static func invalid(_ message: String) -> QueryFailure {
        QueryFailure(400, "ValidationError", message)
    }
}

/// The parameters of one call.
struct QueryParameters {
    let pairs: [(name: String, value: String)]

    /// The value of that name; nil when it is missing or empty.
    subscript(_ name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// The value of that name, or the error that AWS gives without it.
    func required(_ name: String) throws(QueryFailure) -> String {
        guard let value = self[name] else {
            let field = name.prefix(1).lowercased() + name.dropFirst()
            throw .invalid(
                "1 validation error detected: Value null at '\(field)' failed to satisfy constraint: "
                    + "Member must not be null")
        }
        return value
    }

    /// The members of a list, in their order.
    func list(_ name: String) -> [String] {
        var result: [String] = []
        while let value = self["\(name).member.\(result.count + 1)"] { result.append(value) }
        return result
    }
}
