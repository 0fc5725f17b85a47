import LynxCedar

/// The entity types of the request path's schema.
public enum EntityTypes {
    public static let action: Name = "Lynx::Action"
    public static let agent: Name = "Lynx::Agent"
    public static let group: Name = "Lynx::Group"
    public static let model: Name = "Lynx::Model"
    public static let modelProvider: Name = "Lynx::LLMProvider"
    public static let server: Name = "Lynx::MCPServer"
    public static let service: Name = "Lynx::Service"
    public static let tool: Name = "Lynx::Tool"
    public static let user: Name = "Lynx::User"
}
