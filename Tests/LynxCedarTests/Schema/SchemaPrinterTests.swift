import LynxCedar
import Testing

@Suite("Schemas print as Cedar text")
struct SchemaPrinterTests {
    @Test("with a line for each attribute and an empty line between declarations")
    func layout() throws {
        let text = """
            @doc("people, and what they have")
            namespace People {
              type Name = {
                first: String,
                "last name"?: String
              };

              @doc("somebody")
              @internal
              entity User, Admin in [Group, Other::Group] {
                @pii
                name: Name,
                friends: Set<User>,
                home: {
                  street: __cedar::String
                }
              } tags Set<Long>;

              entity Group;

              entity Color enum ["red", "\\"green\\""];

              action view, "view all" in [read, Other::Action::"x y"] appliesTo {
                principal: [User],
                resource: [Color, Other::Group],
                context: {}
              };

              action read;
            }

            namespace Empty {
            }

            entity Photo {};

            """
        #expect(try SchemaFragment(cedar: text).description == text)
    }

    @Test("in one form, however they were written")
    func forms() throws {
        let printed = try SchemaFragment(
            cedar: """
                entity A in B={"x":Long,};entity in2 in[];action"a"in"b c"appliesTo{resource:A,principal:[A,],context:T,}attributes{};
                """.replacing("[A,]", with: "[A]")
        ).description
        #expect(
            printed == """
                entity A in [B] {
                  x: Long
                };

                entity in2;

                action a in ["b c"] appliesTo {
                  principal: [A],
                  resource: [A],
                  context: T
                };

                """)
    }

    @Test("strings are escaped, and names that are no identifiers stand in quotes")
    func strings() throws {
        let text = #"""
            @in("\u{202e}\n")
            entity A {
              "\0": Long,
              "in": Long,
              "": Long,
              __cedar: Long,
              permit: Long
            };

            """#
        #expect(try SchemaFragment(cedar: text).description == text)
    }

    @Test("an empty schema prints as nothing")
    func empty() throws {
        #expect(try SchemaFragment(cedar: " // nothing").description == "")
        #expect(try SchemaFragment(json: "{}").description == "")
    }
}
