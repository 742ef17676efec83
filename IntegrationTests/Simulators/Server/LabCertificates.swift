import Crypto
import FoundationEssentials
public import NIOSSL
import SwiftASN1
import X509

/// A certificate authority made at run time, and a server certificate for loopback names that it signed.
public struct LabCertificates: Sendable {
    /// The authority's certificate, for clients that shall trust the server, as PEM.
    public let authorityPEM: String
    /// The server's certificate, as PEM.
    public let serverPEM: String
    /// The key of the server's certificate, as PEM, for servers that are not the lab's own.
    public let serverKeyPEM: String
    private let authorityName: DistinguishedName
    private let authorityKey: P256.Signing.PrivateKey

    /// A client's certificate and key, as PEM.
    public struct Identity: Sendable {
        /// The certificate.
        public let certificatePEM: String
        /// Its private key.
        public let keyPEM: String
    }

    /// Makes an authority and a certificate for localhost, 127.0.0.1 and ::1, good for a day; `names` adds host names.
    public init(names: [String] = []) throws {
        let authorityKey = P256.Signing.PrivateKey()
        let authorityName = try DistinguishedName { CommonName("interruption-lab authority") }
        let authority = try Self.certificate(
            for: authorityKey.publicKey, named: authorityName, signedBy: authorityKey, of: authorityName,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
            })
        let loopback: [GeneralName] = [
            .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
            .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
        ]
        let serverKey = P256.Signing.PrivateKey()
        let server = try Self.certificate(
            for: serverKey.publicKey, named: DistinguishedName { CommonName("interruption-lab") },
            signedBy: authorityKey, of: authorityName,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(loopback + names.map { .dnsName($0) })
            })
        authorityPEM = try authority.serializeAsPEM().pemString
        serverPEM = try server.serializeAsPEM().pemString
        serverKeyPEM = serverKey.pemRepresentation
        self.authorityName = authorityName
        self.authorityKey = authorityKey
    }

    /// A client certificate of this authority; Kubernetes reads the user from the common name and groups from the
    /// organizations.
    public func identity(user: String, groups: [String] = []) throws -> Identity {
        let key = P256.Signing.PrivateKey()
        let organizations = groups.map { ASN1ObjectIdentifier.RDNAttributeType.organizationName.attribute($0) }
        let name = DistinguishedName(
            organizations + [ASN1ObjectIdentifier.RDNAttributeType.commonName.attribute(user)])
        let certificate = try Self.certificate(
            for: key.publicKey, named: name, signedBy: authorityKey, of: authorityName,
            extensions: Certificate.Extensions {
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.clientAuth])
            })
        return Identity(certificatePEM: try certificate.serializeAsPEM().pemString, keyPEM: key.pemRepresentation)
    }

    /// What a client needs to trust the server, and to show who it is.
    public func clientConfiguration(protocols: [String], identity: Identity? = nil) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8)))
        configuration.applicationProtocols = protocols
        if let identity {
            let chain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificatePEM.utf8))
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem))
        }
        return configuration
    }

    /// What a client needs that is content with any version of TLS.
    public func oldClientConfiguration() throws -> TLSConfiguration {
        var configuration = try clientConfiguration(protocols: ["http/1.1"])
        configuration.minimumTLSVersion = .tlsv1
        return configuration
    }

    /// What the server needs, offering those protocols and asking clients for that.
    func serverConfiguration(
        protocols: [String], asking: LabServerConfiguration.ClientCertificates
    ) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(serverPEM.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(serverKeyPEM.utf8), format: .pem)))
        configuration.applicationProtocols = protocols
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authorityPEM.utf8)))
        configuration.certificateVerification =
            switch asking {
            case .none: .none
            case .optional: .optionalVerification
            case .required: .noHostnameVerification
            }
        return configuration
    }

    /// A certificate's subject as RFC 4514 text.
    static func subject(of certificate: NIOSSLCertificate) throws -> String {
        try Certificate(derEncoded: certificate.toDERBytes()).subject.description
    }

    private static func certificate(
        for key: P256.Signing.PublicKey, named name: DistinguishedName, signedBy authority: P256.Signing.PrivateKey,
        of issuer: DistinguishedName, extensions: Certificate.Extensions
    ) throws -> Certificate {
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(key),
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(86400), issuer: issuer,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(authority))
    }
}

extension ASN1ObjectIdentifier {
    /// A distinguished name's part of this type.
    fileprivate func attribute(_ value: String) -> RelativeDistinguishedName {
        RelativeDistinguishedName(RelativeDistinguishedName.Attribute(type: self, utf8String: value))
    }
}
