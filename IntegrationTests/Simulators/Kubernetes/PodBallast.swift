/// What makes a pod's object as big as real ones are: a third each in an annotation, in the environment of its
/// container, and in `managedFields`, so that a client's decoder has as much to skip as in real life.
struct PodBallast: Sendable {
    /// The annotation that `kubectl apply` leaves behind.
    static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    /// A manifest as a string: full of escapes, brackets and names that also stand outside of it.
    let annotation: KubernetesJSON
    /// Variables with long values.
    let environment: KubernetesJSON
    /// Keys as the server's field manager writes them.
    let managedFields: KubernetesJSON

    /// That many bytes in all; `nil` for none.
    init?(bytes: Int) {
        guard bytes > 0 else { return nil }
        let third = bytes / 3
        annotation = Self.filled(
            to: third, #""{\"kind\":\"Pod\",\"metadata\":{\"name\":\"other\",\"uid\":\"none\"},\"spec\":[{}"#,
            repeating: { #",{\"nodeName\":\"elsewhere \\\\ \#($0) \u00fc\",\"items\":[]}"# }, #"]}""#)
        environment = Self.filled(
            to: third, #"[{"name":"FIRST","value":""}"#,
            repeating: { #",{"name":"VARIABLE_\#($0)","value":"\#(String(repeating: "x]}", count: 200))"}"# }, "]")
        managedFields = Self.filled(
            to: bytes - 2 * third,
            #"[{"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1","#
                + #""time":"2026-11-21T00:00:00Z","fieldsType":"FieldsV1","#
                + #""fieldsV1":{"f:metadata":{"f:annotations":{".":{}"#,
            repeating: { #","f:example.com/annotation-\#($0)":{}"# }, "}}}}]")
    }

    /// The opening, as many numbered pieces as take it to that many bytes, and the close.
    private static func filled(
        to bytes: Int, _ opening: String, repeating piece: (Int) -> String, _ close: String
    ) -> KubernetesJSON {
        var text = Array(opening.utf8)
        var number = 0
        while text.count + close.utf8.count < bytes {
            text += Array(piece(number).utf8)
            number += 1
        }
        return .verbatim(text + Array(close.utf8))
    }
}
