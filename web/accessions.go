package web

func (s *Server) accessionsRoutes() {}
